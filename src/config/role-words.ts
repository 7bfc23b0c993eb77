/** What a role is called where the file gives it no name: `tech_lead` → "Tech lead". */

export const roleWords = (id: string): string =>
  id.replace(/[_-]/g, ' ').replace(/^./, (first) => first.toUpperCase());
