// Code as a user would write it: it sends consents in requests of 25, and collects rejected ones.

export async function upload(items, baseUrl, credentials) {
  const rejected = [];
  for (let start = 0; start < items.length; start += 25) {
    const body = new URLSearchParams();
    for (const item of items.slice(start, start + 25)) body.append("Items", JSON.stringify(item));
    const response = await fetch(`${baseUrl}/v1/Consents/Bulk`, {
      method: "POST",
      headers: { Authorization: `Basic ${Buffer.from(credentials).toString("base64")}` },
      body,
    });
    if (response.status !== 201) throw new Error(`the API responded with ${response.status}`);
    const { items: entries } = await response.json();
    // An id may be missing or a duplicate, so go by the order of the entries.
    entries.forEach((entry, index) => {
      if (entry.error_code) rejected.push({ index: start + index, reasons: entry.error_messages });
    });
  }
  return rejected;
}

export function hasValidStatus(item) {
  return item.status === "opt-in" || item.status === "opt-out";
}
