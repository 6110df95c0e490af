/** The server as a program of its own: dist/server.js. */
import { setFlagsFromString } from 'node:v8';
import { workerFlags } from '../../../shared/serverProcess.js';
import { start } from './main.js';

setFlagsFromString(workerFlags);
start(__dirname);
