#!/usr/bin/env node
import { stack } from '../cli/stack/command.ts';

const { argv, stdin, stdout, stderr } = process;
void stack({ given: argv.slice(2), stdin, stdout, stderr }).then((code) => {
  process.exitCode = code;
});
