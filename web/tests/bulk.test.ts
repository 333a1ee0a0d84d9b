import { expect, it } from "vitest";
import type { BulkReviewAnswer } from "../src/api/schema";
import { throughout } from "../src/lib/bulk";

const image = (batch_id: string, image_id: string) =>
  ({ batch_id, image_id }) as BulkReviewAnswer["done"][number];
const refusal = (batch_id: string, image_id: string) => ({
  batch_id,
  image_id,
  code: "review_conflict",
  message: "Somebody was faster.",
});

it("says once what each answer refuses, and not what a later one has done after all", async () => {
  const answers: BulkReviewAnswer[] = [
    { done: [image("b1", "i1")], refused: [refusal("b1", "i2"), refusal("b2", "i2")], more: true },
    { done: [image("b2", "i2")], refused: [refusal("b1", "i2"), refusal("b2", "i1")], more: false },
  ];
  const outcome = await throughout(async () => {
    const next = answers.shift();
    if (!next) throw new Error("it was asked too often");
    return next;
  });
  expect(outcome).toEqual({ done: 2, refused: [refusal("b1", "i2"), refusal("b2", "i1")] });
});
