/** Every sentence of the reports, in English and Simplified Chinese. A test holds the two together. */
export type Locale = 'en' | 'zh';

export const auditMessages = {
  title: { en: 'Energy audit of {file}', zh: '{file} 的能耗审计' },
  context: {
    en: 'On {hardware}{note}, {region} grid. Estimated without running the code.',
    zh: '硬件 {hardware}{note}，电网 {region}。未运行代码，仅由静态估算得出。',
  },
  onHardware: { en: 'On {hardware}, {region} grid', zh: '硬件 {hardware}，电网 {region}' },
  unverified: { en: ' (some of its figures are unverified)', zh: '（部分数据未经核实）' },
  headline: {
    en: 'Energy per call falls from {before} to {after}: {percent} saved.',
    zh: '每次调用的能耗从 {before} 降到 {after}，节省 {percent}。',
  },
  headlineNoFix: {
    en: 'Energy per call: {before}. Nothing here has a safe fix that saves energy.',
    zh: '每次调用的能耗为 {before}。没有能节省能耗的安全修复。',
  },
  headlineUnknown: { en: 'Energy per call is not known.', zh: '每次调用的能耗未知。' },
  clean: { en: 'No waste found.', zh: '未发现浪费。' },
  noModels: { en: 'No model was found that could be estimated.', zh: '没有可以估算的模型。' },
  before: { en: 'As written', zh: '当前代码' },
  after: { en: 'After the safe fixes', zh: '应用安全修复后' },
  saved: { en: 'Saved', zh: '节省' },
  measure: { en: 'Measure', zh: '指标' },
  energyPerCall: { en: 'Energy per call', zh: '每次调用能耗' },
  timePerCall: { en: 'Time per call', zh: '每次调用时间' },
  peakMemory: { en: 'Peak memory', zh: '峰值显存' },
  flops: { en: 'FLOPs, forward', zh: '前向 FLOPs' },
  params: { en: 'Parameters', zh: '参数量' },
  power: { en: 'Power', zh: '功率' },
  carbon: { en: 'CO2e per million calls', zh: '每百万次调用 CO2e' },
  cost: { en: 'Cost per million calls', zh: '每百万次调用费用' },
  findings: { en: 'Findings', zh: '发现' },
  line: { en: 'Line {line}', zh: '第 {line} 行' },
  rule: { en: 'Rule', zh: '规则' },
  finding: { en: 'Finding', zh: '内容' },
  saving: { en: 'Saving', zh: '节省' },
  savingNone: { en: 'the trace shows no energy saving', zh: '追踪中未显示能耗节省' },
  savingMemory: { en: '{memory} less peak memory', zh: '峰值显存减少 {memory}' },
  savingEnergy: { en: '{energy} per {per} of {entry} ({percent})', zh: '{entry} 每次{per}节省 {energy}（{percent}）' },
  perCall: { en: 'call', zh: '调用' },
  perStep: { en: 'step', zh: '训练步' },
  perRun: { en: 'run', zh: '运行' },
  atRisk: { en: 'at risk: {energy}', zh: '有风险的能耗：{energy}' },
  fixCosts: { en: 'its fix costs {energy}', zh: '修复需增加 {energy}' },
  fixSafe: { en: 'safe fix', zh: '安全修复' },
  fixUnsafe: { en: 'unsafe fix', zh: '不安全修复' },
  fixSuggestion: { en: 'suggestion', zh: '建议' },
  fixAfter: { en: 'fixed in place once {rule} is', zh: '应用 {rule} 的修复后可自动修复' },
  noFix: { en: 'no automatic fix', zh: '无自动修复' },
  models: { en: 'Models in this file', zh: '文件中的模型' },
  model: { en: 'Model', zh: '模型' },
  confidence: { en: 'Confidence', zh: '置信度' },
  confidenceText: {
    en: 'Figures are estimates with 90 % intervals; the energy of {entry} is known to {spread}. {known} of {ops} operator calls are understood.',
    zh: '数值为估计值，附 90 % 区间；{entry} 的能耗误差为 {spread}。{ops} 次算子调用中有 {known} 次已被理解。',
  },
  confidenceUnknown: { en: 'Not understood, so not in the figures: {list}.', zh: '未被理解、未计入数值：{list}。' },
  assumptions: { en: 'Assumptions', zh: '假设' },
  sources: { en: 'Sources', zh: '来源' },
  problems: { en: 'Problems', zh: '问题' },
  missingList: { en: 'Not estimated on their own: {list}.', zh: '未单独估算：{list}。' },
  missing: { en: 'no estimate: {why}', zh: '无法估算：{why}' },
  severityError: { en: 'error', zh: '错误' },
  severityWarning: { en: 'warning', zh: '警告' },
  severityInformation: { en: 'information', zh: '提示' },
  severityHint: { en: 'hint', zh: '建议' },
} as const;

export type MessageId = keyof typeof auditMessages;

/** `zh-cn`, `zh-Hans`, `zh` are Simplified Chinese; all else is English. */
export function localeOf(tag: string | undefined): Locale {
  return /^zh(-(cn|sg|hans))?$/i.test((tag ?? '').replace('_', '-')) ? 'zh' : 'en';
}

export function say(locale: Locale, id: MessageId, data: Readonly<Record<string, string | number>> = {}): string {
  return auditMessages[id][locale].replace(/\{(\w+)\}/g, (hole, key: string) =>
    key in data ? String(data[key]) : hole,
  );
}
