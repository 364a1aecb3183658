// Tests with the files of `consentlint generate`. Run "npm test".

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { test } from "node:test";

import { hasValidStatus, upload } from "./upload.js";

const lines = (name) => readFileSync(name, "utf8").trimEnd().split("\n").map(JSON.parse);
const items = lines("items.jsonl");
const expected = lines("expected.jsonl");

test("upload reports each rejected item with its reason codes", async (t) => {
  // A server that answers as the API would: with the expected entries, 25 at a time.
  let sent = 0;
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const received = new URLSearchParams(Buffer.concat(chunks).toString()).getAll("Items");
    const entries = expected.slice(sent, (sent += received.length)).map((line) => line.response);
    response.writeHead(201, { "Content-Type": "application/json" });
    response.end(JSON.stringify({ items: entries }));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());

  const rejected = await upload(items, `http://127.0.0.1:${server.address().port}`, "AC1:secret");

  assert.equal(sent, items.length);
  assert.deepEqual(
    rejected,
    expected
      .filter((line) => line.response.error_code)
      .map((line) => ({ index: line.item, reasons: line.response.error_messages })),
  );
  assert.equal(rejected.length, 18);
});

test("the check of a status agrees with the API", async (t) => {
  for (const { item, response, cases } of expected) {
    await t.test(`item ${item}: ${cases.status ?? "valid"}`, () => {
      const isRejected = response.error_messages.includes("INVALID_STATUS");
      assert.equal(hasValidStatus(items[item]), !isRejected);
    });
  }
});
