package dev.kittiwake.sql.service;

import dev.kittiwake.proto.sqlservice.RowFrame;
import dev.kittiwake.sql.RowCursor;

/** Rows that come in frames. Decodes a row when it is reached; whole numbers stay unboxed. */
final class RemoteCursor implements RowCursor {
  private final RemoteSession session;
  private final long number;
  private final byte[] tags;
  private final long[] numbers;
  private final Object[] objects;
  private RowFrame frame;
  private ValueCodec.Reader values;
  private int left; // rows of the frame not read yet
  private boolean closed;

  RemoteCursor(RemoteSession session, long number, RowFrame first, int columns) {
    this.session = session;
    this.number = number;
    this.tags = new byte[columns];
    this.numbers = new long[columns];
    this.objects = new Object[columns];
    take(first);
  }

  private void take(RowFrame next) {
    frame = next;
    values = new ValueCodec.Reader(next.getValues());
    left = next.getRowCount();
  }

  /** Whether the server may still send frames. */
  boolean isOpen() {
    return !closed && !frame.getLast();
  }

  @Override
  public boolean next() {
    if (closed) {
      return false;
    }
    while (left == 0) {
      if (frame.getLast()) {
        close();
        return false;
      }
      take(session.nextFrame(number));
    }
    left--;
    for (int i = 0; i < tags.length; i++) {
      objects[i] = values.read();
      tags[i] = values.tag();
      numbers[i] = values.number();
    }
    return true;
  }

  @Override
  public Object value(int column) {
    return switch (tags[column]) {
      case ValueCodec.INT -> (Object) (int) numbers[column];
      case ValueCodec.LONG -> numbers[column];
      case ValueCodec.SHORT -> (short) numbers[column];
      case ValueCodec.BYTE -> (byte) numbers[column];
      default -> objects[column];
    };
  }

  @Override
  public boolean isNull(int column) {
    return tags[column] == ValueCodec.NULL;
  }

  @Override
  public long longValue(int column) {
    return switch (tags[column]) {
      case ValueCodec.INT, ValueCodec.LONG, ValueCodec.SHORT, ValueCodec.BYTE -> numbers[column];
      default -> RowCursor.super.longValue(column);
    };
  }

  /** The session went on to another call. */
  void forget() {
    closed = true;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      session.closed(this, number, frame.getLast());
    }
  }
}
