package dev.kittiwake.cli.chaos.workload;

import dev.kittiwake.testkit.judge.Judge;

/** A judge and the promise that it looks at, in words. */
public record NamedJudge(String promise, Judge judge) {}
