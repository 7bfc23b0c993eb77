/** One line of a list or of a table, and what stands below it. */

export interface Item {
  line: number;
  checked?: boolean;
  text: string;
  items: Item[];
}
