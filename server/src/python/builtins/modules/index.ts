/** Modules implemented by the host, by qualified name; `lib/*.py` builds on the ones that start with an underscore. */
import type { Value } from '../../values.js';
import { copyModule } from './copy.js';
import { helperModule } from './helpers.js';
import { itertoolsModule } from './itertools.js';
import { jsonModule } from './json.js';
import { cmathModule, mathModule } from './math.js';
import { operatorModule } from './operator.js';
import { regexModule } from './regex.js';
import { yamlModule } from './yaml.js';

export const nativeModules: Record<string, Record<string, Value>> = {
  math: mathModule,
  cmath: cmathModule,
  operator: operatorModule,
  itertools: itertoolsModule,
  copy: copyModule,
  _json: jsonModule,
  _re: regexModule,
  _yaml: yamlModule,
  _eco: helperModule,
};
