// What a user would write with ajv: node benchmarks/peer_ajv.cjs FILE (JSON Lines)
const fs = require("fs");
const path = require("path");
const readline = require("readline");
const { createRequire } = require("module");
// Packages are looked up from the working directory, or from NODE_MODULES.
const load = createRequire(path.join(process.env.NODE_MODULES || process.cwd(), "package.json"));
const Ajv = load("ajv/dist/2020");

const schema = path.join(__dirname, "..", "schemas", "consent-item.json");
const ajv = new (Ajv.default || Ajv)({ allErrors: true, validateFormats: false });
const validate = ajv.compile(JSON.parse(fs.readFileSync(schema, "utf8")));
const ids = new Set();
let items = 0;
let invalid = 0;

const lines = readline.createInterface({ input: fs.createReadStream(process.argv[2]) });
lines.on("line", (line) => {
  items += 1;
  const item = JSON.parse(line);
  const errors = validate(item) ? [] : validate.errors.map((e) => `${e.instancePath} ${e.message}`);
  if (typeof item.correlation_id === "string") {
    const id = item.correlation_id.toLowerCase();
    if (ids.has(id)) errors.push("correlation_id is a duplicate");
    ids.add(id);
  }
  if (errors.length) invalid += 1;
  for (const error of errors) console.log(`item ${items}: ${error}`);
});
lines.on("close", () => console.error(`${invalid} invalid of ${items} items`));
