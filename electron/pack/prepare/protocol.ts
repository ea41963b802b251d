import type { Recipe } from '../files/recipe.ts';
import type { PreparedFile } from '../zip/writer.ts';

/** One file to prepare: from which engagement, how, and where its deflate stream goes. */
export interface Order {
  engagement: string;
  recipe: Recipe;
  path: string;
}

export type Answer = { done: PreparedFile } | { failed: string };
