/** The language of the golden scripts: a group whose every message, sync and tick is told. */
package dev.kittiwake.raft.script;
