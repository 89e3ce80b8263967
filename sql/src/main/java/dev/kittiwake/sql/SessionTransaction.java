package dev.kittiwake.sql;

import dev.kittiwake.client.txn.Savepoint;
import dev.kittiwake.client.txn.Transaction;
import dev.kittiwake.sql.catalog.TableSchema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The open transaction of a session and what belongs to it. */
final class SessionTransaction {
  final Transaction transaction;
  final boolean readCommitted;
  final boolean readOnly;
  private final Map<SessionSavepoint, Savepoint> savepoints = new LinkedHashMap<>(); // in order
  private final List<QueryCursor> cursors = new ArrayList<>(); // still open
  final Map<Long, TableSchema> written = new LinkedHashMap<>(); // tables by id, as first seen
  private boolean used; // a statement ran already

  SessionTransaction(Transaction transaction, boolean readCommitted, boolean readOnly) {
    this.transaction = transaction;
    this.readCommitted = readCommitted;
    this.readOnly = readOnly;
  }

  /** Called before each statement: READ COMMITTED sees what is committed by now. */
  void beginStatement() {
    if (used && readCommitted) {
      transaction.refreshReadTs();
    }
    used = true;
  }

  void opened(QueryCursor cursor) {
    cursors.add(cursor);
  }

  void closed(QueryCursor cursor) {
    cursors.remove(cursor);
  }

  void cutCursors() {
    for (QueryCursor cursor : List.copyOf(cursors)) {
      cursor.cut();
    }
  }

  void mark(SessionSavepoint savepoint) {
    savepoints.put(savepoint, transaction.savepoint());
  }

  /** The newest savepoint of that name. */
  SessionSavepoint named(String name) {
    SessionSavepoint found = null;
    for (SessionSavepoint savepoint : savepoints.keySet()) {
      if (name.equalsIgnoreCase(savepoint.name())) {
        found = savepoint;
      }
    }
    if (found == null) {
      throw missing(name);
    }
    return found;
  }

  void rollbackTo(SessionSavepoint savepoint) {
    Savepoint mark = savepoints.get(savepoint);
    if (mark == null) {
      throw missing(savepoint.name());
    }
    transaction.rollbackTo(mark);
    forgetAfter(savepoint, false);
  }

  void release(SessionSavepoint savepoint) {
    if (!savepoints.containsKey(savepoint)) {
      throw missing(savepoint.name());
    }
    forgetAfter(savepoint, true);
  }

  private void forgetAfter(SessionSavepoint savepoint, boolean inclusive) {
    boolean after = false;
    for (SessionSavepoint one : List.copyOf(savepoints.keySet())) {
      if (one.equals(savepoint)) {
        after = true;
        if (!inclusive) {
          continue;
        }
      }
      if (after) {
        savepoints.remove(one);
      }
    }
  }

  private static SqlError missing(String name) {
    return SqlError.of(
        SqlStates.NO_SAVEPOINT,
        name == null ? "the savepoint is not set" : "savepoint " + name + " is not set");
  }
}
