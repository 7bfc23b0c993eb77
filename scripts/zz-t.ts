import { conduct, policyOf } from '../bench/rollouts/conducted.ts';
for (const preset of ['gold-standard','procedures','handoff-v1','phase-contract']) {
const s={perMinute:1000,errors:.05};
const p=policyOf(preset,s);
const t=performance.now(); const c=process.cpuUsage();
const e=await conduct(p,s,'healthy',1);
const u=process.cpuUsage(c);
console.log(preset, JSON.stringify(e), Math.round(performance.now()-t),'ms wall', Math.round((u.user+u.system)/1000),'cpu');
}
