/** Where an audit of the record writes down what is wrong with it. */

export interface Findings {
  problem(where: string, problem: string): void;
}
