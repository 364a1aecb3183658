// Sends requests with the official client for Node, and prints what came of each.
//     node send_with_node.js '[{"url": …, "resource": …, "items": …}, …]'
const twilio = require("twilio");

async function send({ url, resource, items }) {
  const client = twilio("AC00000000000000000000000000000000", "token");
  client.accounts.baseUrl = url;
  try {
    const answer = await client.accounts.v1[resource].create({ items });
    return { items: answer.items };
  } catch (error) {
    return { status: error.status, code: error.code, message: error.message };
  }
}

async function main() {
  const found = [];
  for (const request of JSON.parse(process.argv[2])) {
    found.push(await send(request));
  }
  console.log(JSON.stringify(found));
}

main();
