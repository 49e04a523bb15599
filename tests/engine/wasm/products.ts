/**
 * Products of two matrices, each as it is or transposed.
 *
 * @module
 */
import { input, matmul, type Tensor, transpose } from "../../../lib/tensor/mod.ts";

/** A product [m, n] over k of the inputs "a" and "b", as many numbers in each order. */
export type Product = (m: number, k: number, n: number) => Tensor;

const matrix = (name: string, rows: number, columns: number) => input(name, [rows, columns]);

/** The four products by what they compute. */
export const PRODUCTS: Readonly<Record<string, Product>> = {
  "a b": (m, k, n) => matmul(matrix("a", m, k), matrix("b", k, n)),
  "aᵀ b": (m, k, n) => matmul(transpose(matrix("a", k, m)), matrix("b", k, n)),
  "a bᵀ": (m, k, n) => matmul(matrix("a", m, k), transpose(matrix("b", n, k))),
  "aᵀ bᵀ": (m, k, n) => matmul(transpose(matrix("a", k, m)), transpose(matrix("b", n, k))),
};
