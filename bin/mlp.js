#!/usr/bin/env node

require('../dist/mlp.js')
  .main(process.argv.slice(2))
  .then((exitCode) => {
    process.exitCode = exitCode;
  });
