// Sends the requests of the Twilio CLI to the stub at STUB_URL:
//     NODE_OPTIONS="--require /path/to/redirect_twilio_cli.js" STUB_URL=http://127.0.0.1:8080 twilio …
const Module = require("module");
const load = Module._load;
const redirected = new Set();

Module._load = function (name, ...rest) {
  const loaded = load.call(this, name, ...rest);
  if (name === "axios" && !redirected.has(loaded)) {
    redirected.add(loaded);
    loaded.interceptors.request.use((config) => {
      config.url = config.url.replace("https://accounts.twilio.com", process.env.STUB_URL);
      return config;
    });
  }
  return loaded;
};
