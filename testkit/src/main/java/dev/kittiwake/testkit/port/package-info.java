/**
 * Ports for servers that are told their address before they start, and keep it when they do so
 * again.
 */
package dev.kittiwake.testkit.port;
