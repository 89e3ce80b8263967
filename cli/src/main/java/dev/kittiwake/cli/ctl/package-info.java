/**
 * {@code bin/kittiwake ctl}: what the placement driver knows and does, and orders to it, over its
 * HTTP interface. {@link dev.kittiwake.cli.ctl.CtlCommand} is the root, one group of commands per
 * file; answers are tables for people, with {@code --json} what the placement driver sent.
 */
package dev.kittiwake.cli.ctl;
