/**
 * The store's status port: configuration, metrics and state over HTTP, for people, Prometheus and
 * TiKV's test suites.
 */
package dev.kittiwake.kv.status;
