/**
 * Runs of seeds. {@link dev.kittiwake.simulation.run.Plan} is all that a seed decides; {@link
 * dev.kittiwake.simulation.run.SeedRun} goes through the phases chaos, heal, liveness and
 * judgement; {@link dev.kittiwake.simulation.run.Shrinker} drops what a failure does not need;
 * {@link dev.kittiwake.simulation.run.Night} runs many.
 */
package dev.kittiwake.simulation.run;
