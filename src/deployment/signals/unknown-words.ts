/** Not to know is said as such, wherever it decides (AN-5). */

export const unknownWords = (because: string): string => `nobody can say whether alerts fired: ${because}`;
