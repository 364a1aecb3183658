// Validate documents with ajv in strict mode; scripts/compare_validators.py runs it.
//
//     node validate_with_ajv.js <input
//
// Each line of the input is a JSON array of the name of a schema and a document. The first line is
// an object with the schemas by name. Prints a line with 1 for each valid document, 0 otherwise.
const readline = require("readline");
const Draft07 = require("ajv").default;
const Draft2020 = require("ajv/dist/2020").default;

const draft07 = new Draft07({ strict: true });
const draft2020 = new Draft2020({ strict: true });
let validators;

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const input = JSON.parse(line);
  if (validators === undefined) {
    validators = {};
    for (const [name, schema] of Object.entries(input)) {
      const ajv = schema.$schema.includes("draft-07") ? draft07 : draft2020;
      validators[name] = ajv.compile(schema);
    }
  } else {
    const [name, document] = input;
    process.stdout.write(validators[name](document) ? "1\n" : "0\n");
  }
});
