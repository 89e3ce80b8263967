package dev.kittiwake.sql.service;

import dev.kittiwake.proto.sqlservice.RowFrame;
import dev.kittiwake.sql.Result;
import dev.kittiwake.sql.RowCursor;

/** Cuts the rows of one execution into frames. Confined to the session's worker. */
final class FrameWriter implements AutoCloseable {
  private static final int DEFAULT_FRAME_ROWS = 256;
  private static final int MAX_FRAME_ROWS = 10_000;

  private final long number;
  private final Result.Rows rows;
  private final int frameRows;
  private final int maxFrameBytes;
  private int credit = 2; // frames that may be sent: one to read, one on its way
  private boolean first = true;
  private boolean atEnd;

  FrameWriter(long number, Result.Rows rows, int frameRows, int maxFrameBytes) {
    this.number = number;
    this.rows = rows;
    this.frameRows = frameRows == 0 ? DEFAULT_FRAME_ROWS : Math.min(frameRows, MAX_FRAME_ROWS);
    this.maxFrameBytes = maxFrameBytes;
  }

  /** Of the call that executed the statement. */
  long number() {
    return number;
  }

  void addCredit() {
    credit++;
  }

  boolean hasCredit() {
    return credit > 0;
  }

  /** Whether the last frame was made. */
  boolean isAtEnd() {
    return atEnd;
  }

  RowFrame next() {
    RowCursor cursor = rows.cursor();
    ValueCodec.Writer values = new ValueCodec.Writer();
    int columns = rows.columns().size();
    int count = 0;
    while (count < frameRows && values.size() < maxFrameBytes && !atEnd) {
      if (cursor.next()) {
        for (int i = 0; i < columns; i++) {
          values.write(cursor.value(i));
        }
        count++;
      } else {
        atEnd = true;
      }
    }
    RowFrame.Builder frame =
        RowFrame.newBuilder()
            .setRowCount(count)
            .setValues(values.finish())
            .setFirst(first)
            .setLast(atEnd);
    if (first) {
      frame.addAllColumns(Messages.columns(rows.columns()));
    }
    first = false;
    credit--;
    return frame.build();
  }

  @Override
  public void close() {
    rows.cursor().close();
  }
}
