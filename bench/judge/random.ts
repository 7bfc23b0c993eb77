/** Seeded draws, fast enough for millions of looks. */

export interface Random {
  uniform(): number;
  normal(): number;
  poisson(mean: number): number;
}

/** sfc32, seeded by two numbers: the same pair draws the same, whatever ran before. */
export function seeded(row: number, run: number): Random {
  let [a, b, c, d] = [row | 0, run | 0, 0x9e3779b9 | 0, 1];
  const bits = (): number => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
  for (let warm = 0; warm < 15; warm += 1) bits();
  const uniform = (): number => (bits() + 0.5) / 2 ** 32;
  const normal = (): number => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  return {
    uniform,
    normal,
    poisson(mean) {
      if (mean >= 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()));
      let [count, chance, rest] = [0, Math.exp(-mean), uniform()];
      while (rest > chance && count < 1_000) {
        rest -= chance;
        count += 1;
        chance *= mean / count;
      }
      return count;
    },
  };
}
