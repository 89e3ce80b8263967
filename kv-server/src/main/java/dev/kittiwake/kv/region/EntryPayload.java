package dev.kittiwake.kv.region;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.kittiwake.kv.engine.WriteBatch;
import dev.kittiwake.proto.store.RegionCommand;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The payload of a raft entry. The first byte tells format and kind:
 *
 * <pre>
 * 0x01 (version of the epoch: 8 bytes, records: 4 bytes, length: 4 bytes, write batch records)*   writes
 * 0x02 RegionCommand (protobuf)                                                                   admin
 * </pre>
 */
final class EntryPayload {
  static final byte WRITES = 1;
  static final byte COMMAND = 2;
  static final int WRITE_HEADER_BYTES = 16;

  private EntryPayload() {}

  /** One write of an entry and the epoch's version under which it was admitted. */
  record VersionedWrite(long version, RegionWrite write) {
    int encodedBytes() {
      return WRITE_HEADER_BYTES + write.sizeBytes();
    }
  }

  static byte[] encode(List<VersionedWrite> writes) {
    int length = 1;
    for (VersionedWrite write : writes) {
      length += write.encodedBytes();
    }
    byte[] payload = new byte[length];
    ByteBuffer buffer = ByteBuffer.wrap(payload).put(WRITES);
    for (VersionedWrite write : writes) {
      WriteBatch batch = write.write().batch();
      buffer.putLong(write.version()).putInt(batch.count()).putInt(batch.sizeBytes());
      batch.copyFragment(payload, buffer.position());
      buffer.position(buffer.position() + batch.sizeBytes());
    }
    return payload;
  }

  static byte[] encode(RegionCommand command) {
    byte[] body = command.toByteArray();
    byte[] payload = new byte[body.length + 1];
    payload[0] = COMMAND;
    System.arraycopy(body, 0, payload, 1, body.length);
    return payload;
  }

  static RegionCommand command(byte[] payload) {
    try {
      return RegionCommand.parser().parseFrom(payload, 1, payload.length - 1);
    } catch (InvalidProtocolBufferException broken) {
      throw new IllegalStateException("a raft entry holds no readable command", broken);
    }
  }
}
