#!/usr/bin/env node

const words = process.argv.slice(2);
require('./load.js')
  .load(words[0])
  .main(words)
  .then((exitCode) => {
    process.exitCode = exitCode;
  });
