// node texts.mjs < paths: the text of BPMN files, one path a line, as a script that a page loads.
import { readFileSync } from 'node:fs';
import { textOf } from './text.mjs';

const paths = readFileSync(0, 'utf8').split('\n').filter(Boolean);
console.log(`const MAPS = ${JSON.stringify(Object.fromEntries(paths.map((path) => [path, textOf(readFileSync(path))])))};`);
