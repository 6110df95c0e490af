/** The server as a program of its own: dist/server.js. */
import { start } from './main.js';

start(__dirname);
