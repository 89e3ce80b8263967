/**
 * Calls that regard regions or the whole store rather than keys: split, destroy, delete range,
 * health. One per file.
 */
package dev.kittiwake.kv.api.cluster;
