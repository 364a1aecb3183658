// Sends requests with the official Node client, and prints the result of each.
//     node send_with_node.js '[{"url": …, "resource": …, "items": …}, …]'
const twilio = require("twilio");

async function send({ url, resource, items }) {
  const client = twilio("AC00000000000000000000000000000000", "token");
  client.accounts.baseUrl = url;
  try {
    const response = await client.accounts.v1[resource].create({ items });
    return { items: response.items };
  } catch (error) {
    return { status: error.status, code: error.code, message: error.message };
  }
}

async function main() {
  const results = [];
  for (const request of JSON.parse(process.argv[2])) {
    results.push(await send(request));
  }
  console.log(JSON.stringify(results));
}

main();
