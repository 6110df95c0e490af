/** The questions to the worker that rooms beside the engine answer: tables and rendered reports. */
import type { Accelerator, AuditResult, Region } from '../../../shared/protocol.js';
import { renderBody } from '../audit/html.js';
import { say } from '../audit/messages.js';
import { reportCss } from '../audit/style.js';
import { allAccelerators, isVerified } from '../hardware/accelerators.js';
import { allRegions } from '../hardware/carbon.js';
import { priceOf } from '../hardware/prices.js';
import type { ExtraCalls } from './engineHost.js';

export const engineExtras: ExtraCalls = (engine) => ({
  accelerators: (): Accelerator[] =>
    allAccelerators().map((one) => ({
      id: one.id,
      name: one.name,
      vendor: one.vendor,
      releaseYear: one.releaseYear,
      peak16_tflops: one.peakDenseTflops.bf16 ?? one.peakDenseTflops.fp16 ?? null,
      memory_GB: one.memory_GB,
      bandwidth_GBps: one.bandwidth_GBps,
      tdp_W: one.tdp_W,
      usdPerHour: priceOf(one)?.value ?? null,
      verified: isVerified(one),
    })),
  regions: (): Region[] => allRegions().map(({ id, name, gCO2ePerKWh }) => ({ id, name, gCO2ePerKWh })),
  auditPage: (file, target, language, source, known): AuditResult => {
    const locale = language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
    const report = engine.audit(file, target, known);
    const name = file.split(/[\\/]/).at(-1) ?? file;
    return {
      title: say(locale, 'title', { file: name }),
      css: reportCss,
      html: renderBody(report, { locale, source }),
    };
  },
});
