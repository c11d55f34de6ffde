import { compileReadmeCode } from '../build/readme-code.ts';

process.exitCode = compileReadmeCode();
