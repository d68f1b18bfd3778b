#!/usr/bin/env node

const words = process.argv.slice(2);
require('./load.js')
  .load(words[0])
  .main(words)
  .then((exitCode) => {
    // All is written by now; to take the process apart would only take time.
    process.exit(exitCode);
  });
