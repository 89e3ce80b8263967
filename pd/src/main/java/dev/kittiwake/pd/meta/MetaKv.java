package dev.kittiwake.pd.meta;

import com.google.protobuf.ByteString;
import dev.kittiwake.proto.etcdserverpb.Compare;
import dev.kittiwake.proto.etcdserverpb.DeleteRangeRequest;
import dev.kittiwake.proto.etcdserverpb.DeleteRangeResponse;
import dev.kittiwake.proto.etcdserverpb.PutRequest;
import dev.kittiwake.proto.etcdserverpb.PutResponse;
import dev.kittiwake.proto.etcdserverpb.RangeRequest;
import dev.kittiwake.proto.etcdserverpb.RangeResponse;
import dev.kittiwake.proto.etcdserverpb.RequestOp;
import dev.kittiwake.proto.etcdserverpb.ResponseHeader;
import dev.kittiwake.proto.etcdserverpb.ResponseOp;
import dev.kittiwake.proto.etcdserverpb.TxnRequest;
import dev.kittiwake.proto.etcdserverpb.TxnResponse;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.mvccpb.KeyValue;
import dev.kittiwake.proto.pdpb.ErrorType;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The placement driver's own key-value store with etcd's meaning of revisions: every transaction
 * that writes takes the next revision, every record knows the revision of its creation and of its
 * last change, and how often it was changed. Only the newest state is kept. Confined to one thread.
 */
public final class MetaKv {
  private static final ByteString ALL_KEYS = ByteString.copyFrom(new byte[1]);

  private final NavigableMap<Key, KeyValue> records = new TreeMap<>();
  private final Map<Key, Optional<KeyValue>> overwritten = new HashMap<>(); // by this transaction
  private long revision = 1;

  public long revision() {
    return revision;
  }

  Collection<KeyValue> records() {
    return Collections.unmodifiableCollection(records.values());
  }

  void restore(long atRevision, List<KeyValue> content) {
    revision = Math.max(1, atRevision);
    records.clear();
    content.forEach(record -> records.put(key(record.getKey()), record));
  }

  /** One write of our own, in a revision of its own. */
  void put(String key, String value) {
    revision++;
    put(
        PutRequest.newBuilder()
            .setKey(ByteString.copyFromUtf8(key))
            .setValue(ByteString.copyFromUtf8(value))
            .build());
  }

  /**
   * Compares, then carries out one of the two lists, all of it in one revision; or nothing at all
   * if it fails, see {@link #allOrNothing}.
   */
  Outcome execute(TxnRequest txn) {
    return allOrNothing(() -> new Outcome.Answered(answer(txn)));
  }

  /**
   * What clients put together themselves must not end the placement driver: if {@code transaction}
   * throws, by a mistake of ours, what it has written is taken back and it is refused. It would
   * throw on every member, again after each start, as all apply the same to the same. An {@link
   * Error} (no memory, no stack) is a matter of one member, which stops.
   */
  Outcome allOrNothing(Supplier<Outcome> transaction) {
    long before = revision;
    overwritten.clear();
    try {
      return transaction.get();
    } catch (RuntimeException e) {
      overwritten.forEach(
          (key, record) ->
              record.ifPresentOrElse(old -> records.put(key, old), () -> records.remove(key)));
      revision = before;
      return new Outcome.Refused(
          ErrorType.UNKNOWN, "the transaction changes nothing, it cannot be carried out: " + e);
    } finally {
      overwritten.clear();
    }
  }

  private TxnResponse answer(TxnRequest txn) {
    long before = revision;
    revision++;
    TxnResponse.Builder response = TxnResponse.newBuilder();
    boolean wrote = execute(txn, response);
    if (!wrote) {
      revision = before;
    }
    return response.setHeader(ResponseHeader.newBuilder().setRevision(revision)).build();
  }

  private boolean execute(TxnRequest txn, TxnResponse.Builder response) {
    boolean holds = txn.getCompareList().stream().allMatch(this::holds);
    response.setSucceeded(holds);
    boolean wrote = false;
    for (RequestOp op : holds ? txn.getSuccessList() : txn.getFailureList()) {
      ResponseOp.Builder answer = ResponseOp.newBuilder();
      switch (op.getRequestCase()) {
        case REQUEST_RANGE:
          answer.setResponseRange(range(op.getRequestRange()));
          break;
        case REQUEST_PUT:
          answer.setResponsePut(put(op.getRequestPut()));
          wrote = true;
          break;
        case REQUEST_DELETE_RANGE:
          DeleteRangeResponse deleted = deleteRange(op.getRequestDeleteRange());
          answer.setResponseDeleteRange(deleted);
          wrote |= deleted.getDeleted() > 0;
          break;
        case REQUEST_TXN:
          TxnResponse.Builder nested = TxnResponse.newBuilder();
          wrote |= execute(op.getRequestTxn(), nested);
          answer.setResponseTxn(nested);
          break;
        default:
          break;
      }
      response.addResponses(answer);
    }
    return wrote;
  }

  /** The records that a request asks for, as of now. */
  public RangeResponse range(RangeRequest request) {
    List<KeyValue> found =
        select(request.getKey(), request.getRangeEnd()).values().stream()
            .filter(record -> isWanted(request, record))
            .toList();
    RangeResponse.Builder response = RangeResponse.newBuilder().setCount(found.size());
    if (request.getCountOnly()) {
      return response.build();
    }
    Stream<KeyValue> sorted = sorted(request, found);
    if (request.getLimit() > 0) {
      sorted = sorted.limit(request.getLimit());
      response.setMore(found.size() > request.getLimit());
    }
    sorted
        .map(record -> request.getKeysOnly() ? record.toBuilder().clearValue().build() : record)
        .forEach(response::addKvs);
    return response.build();
  }

  private static boolean isWanted(RangeRequest request, KeyValue record) {
    return within(record.getModRevision(), request.getMinModRevision(), request.getMaxModRevision())
        && within(
            record.getCreateRevision(),
            request.getMinCreateRevision(),
            request.getMaxCreateRevision());
  }

  private static boolean within(long revision, long min, long max) {
    return (min == 0 || revision >= min) && (max == 0 || revision <= max);
  }

  private static Stream<KeyValue> sorted(RangeRequest request, List<KeyValue> found) {
    Comparator<KeyValue> order;
    switch (request.getSortTarget()) {
      case VERSION:
        order = Comparator.comparingLong(KeyValue::getVersion);
        break;
      case CREATE:
        order = Comparator.comparingLong(KeyValue::getCreateRevision);
        break;
      case MOD:
        order = Comparator.comparingLong(KeyValue::getModRevision);
        break;
      case VALUE:
        order = Comparator.comparing(record -> key(record.getValue()));
        break;
      default:
        order = Comparator.comparing(record -> key(record.getKey()));
        break;
    }
    switch (request.getSortOrder()) {
      case ASCEND:
        return found.stream().sorted(order);
      case DESCEND:
        return found.stream().sorted(order.reversed());
      default:
        return found.stream();
    }
  }

  private PutResponse put(PutRequest request) {
    KeyValue old = records.get(key(request.getKey()));
    KeyValue.Builder record =
        KeyValue.newBuilder()
            .setKey(request.getKey())
            .setValue(request.getIgnoreValue() && old != null ? old.getValue() : request.getValue())
            .setLease(request.getLease())
            .setModRevision(revision)
            .setCreateRevision(old == null ? revision : old.getCreateRevision())
            .setVersion(old == null ? 1 : old.getVersion() + 1);
    overwritten.putIfAbsent(key(request.getKey()), Optional.ofNullable(old));
    records.put(key(request.getKey()), record.build());
    PutResponse.Builder response = PutResponse.newBuilder();
    if (request.getPrevKv() && old != null) {
      response.setPrevKv(old);
    }
    return response.build();
  }

  private DeleteRangeResponse deleteRange(DeleteRangeRequest request) {
    NavigableMap<Key, KeyValue> doomed = select(request.getKey(), request.getRangeEnd());
    DeleteRangeResponse.Builder response =
        DeleteRangeResponse.newBuilder().setDeleted(doomed.size());
    if (request.getPrevKv()) {
      response.addAllPrevKvs(doomed.values());
    }
    doomed.forEach((key, record) -> overwritten.putIfAbsent(key, Optional.of(record)));
    doomed.clear();
    return response.build();
  }

  private boolean holds(Compare compare) {
    NavigableMap<Key, KeyValue> records = select(compare.getKey(), compare.getRangeEnd());
    if (records.isEmpty() && compare.getRangeEnd().isEmpty()) {
      // an absent key compares as version, revisions and lease 0; it has no value to compare
      return compare.getTarget() != Compare.CompareTarget.VALUE
          && holds(compare, KeyValue.getDefaultInstance());
    }
    return records.values().stream().allMatch(record -> holds(compare, record));
  }

  private static boolean holds(Compare compare, KeyValue record) {
    int order;
    switch (compare.getTarget()) {
      case VERSION:
        order = Long.compare(record.getVersion(), compare.getVersion());
        break;
      case CREATE:
        order = Long.compare(record.getCreateRevision(), compare.getCreateRevision());
        break;
      case MOD:
        order = Long.compare(record.getModRevision(), compare.getModRevision());
        break;
      case LEASE:
        order = Long.compare(record.getLease(), compare.getLease());
        break;
      default:
        order = key(record.getValue()).compareTo(key(compare.getValue()));
        break;
    }
    switch (compare.getResult()) {
      case EQUAL:
        return order == 0;
      case GREATER:
        return order > 0;
      case LESS:
        return order < 0;
      default:
        return order != 0;
    }
  }

  /**
   * A live view, which may be cleared. An empty end: the one key; a single zero byte: no upper
   * bound; an end at or before the start: nothing.
   */
  private NavigableMap<Key, KeyValue> select(ByteString start, ByteString end) {
    Key from = key(start);
    if (end.isEmpty()) {
      return records.subMap(from, true, from, true);
    }
    if (end.equals(ALL_KEYS)) {
      return records.tailMap(from, true);
    }
    Key to = key(end);
    return records.subMap(from, true, to.compareTo(from) <= 0 ? from : to, false);
  }

  private static Key key(ByteString bytes) {
    return Key.wrap(bytes.toByteArray());
  }
}
