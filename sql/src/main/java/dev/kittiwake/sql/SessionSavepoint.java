package dev.kittiwake.sql;

/**
 * A mark in a session's transaction.
 *
 * @param id distinct within the session
 * @param name null if unnamed
 */
public record SessionSavepoint(int id, String name) {}
