// node moddle.mjs < paths: reads BPMN files, one path a line, with bpmn-moddle; prints by path, as JSON, its warnings and how many ids it knows.
import { readFileSync } from 'node:fs';
import { BpmnModdle } from 'bpmn-moddle';
import { textOf } from './text.mjs';

const told = {};
for (const path of readFileSync(0, 'utf8').split('\n').filter(Boolean)) {
  try {
    const { warnings, elementsById } = await new BpmnModdle().fromXML(textOf(readFileSync(path)));
    told[path] = { warnings: warnings.map((warning) => warning.message), count: Object.keys(elementsById).length };
  } catch (error) {
    told[path] = { warnings: [...(error.warnings ?? []), error].map((warning) => warning.message), count: 0 };
  }
}
console.log(JSON.stringify(told));
