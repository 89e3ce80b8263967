/**
 * What this host lets us do: each {@link dev.kittiwake.cli.chaos.ability.Ability} is tried out
 * once, on something small, before anything is promised.
 */
package dev.kittiwake.cli.chaos.ability;
