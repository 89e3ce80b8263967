package dev.kittiwake.client.pd;

import com.google.protobuf.ByteString;
import dev.kittiwake.client.Await;
import dev.kittiwake.client.ClientConfig;
import dev.kittiwake.client.ClientRuntime;
import dev.kittiwake.client.error.KvException;
import dev.kittiwake.client.error.PdException;
import dev.kittiwake.client.error.PdUnavailableException;
import dev.kittiwake.client.region.Backoff;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.metapb.Store;
import dev.kittiwake.proto.metapb.StoreState;
import dev.kittiwake.proto.pdpb.ErrorType;
import dev.kittiwake.proto.pdpb.GetAllStoresRequest;
import dev.kittiwake.proto.pdpb.GetRegionByIDRequest;
import dev.kittiwake.proto.pdpb.GetRegionRequest;
import dev.kittiwake.proto.pdpb.GetRegionResponse;
import dev.kittiwake.proto.pdpb.GetStoreRequest;
import dev.kittiwake.proto.pdpb.RegionHeartbeatResponse;
import dev.kittiwake.proto.pdpb.ResponseHeader;
import dev.kittiwake.proto.pdpb.ScanRegionsRequest;
import dev.kittiwake.proto.rpc.PdEndpoint;
import dev.kittiwake.proto.rpc.PdEndpoint.RegionHeartbeats;
import dev.kittiwake.proto.rpc.PdMethod;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/** A {@link PdClient} over members of any kind: gRPC connections or objects in this JVM. */
public final class EndpointPdClient implements PdClient {
  private static final long CALL_MILLIS = 3_000;
  private static final long SEARCH_MILLIS = 1_500;

  private final PdMembers members;
  private final ClientRuntime runtime;
  private final long budgetMillis;
  private final LeaderSearch search;
  private final TsoBatcher timestamps;
  private final HeartbeatStreams streams = new HeartbeatStreams();
  private volatile boolean closed;

  private EndpointPdClient(PdMembers members, ClientConfig config, ClientRuntime runtime) {
    this.members = members;
    this.runtime = runtime;
    this.budgetMillis = config.pdBudget().toMillis();
    this.search =
        new LeaderSearch(members, answer -> bounded(answer, SEARCH_MILLIS), streams::endUnlessAt);
    this.timestamps = new TsoBatcher(this::fetchTimestamps);
  }

  /** Members in this JVM; they stay the caller's. */
  public static EndpointPdClient of(
      List<PdEndpoint> endpoints, ClientConfig config, ClientRuntime runtime) {
    return new EndpointPdClient(new LocalPdMembers(endpoints), config, runtime);
  }

  /** Members at {@code host:port} addresses, with or without {@code http://}. */
  public static EndpointPdClient connect(
      List<String> addresses, ClientConfig config, ClientRuntime runtime) {
    if (addresses.isEmpty()) {
      throw new KvException("no address of a placement driver given; expected host:port");
    }
    return new EndpointPdClient(new GrpcPdMembers(addresses, runtime), config, runtime);
  }

  @Override
  public CompletableFuture<Long> clusterId() {
    return clusterId(budgetMillis);
  }

  /** Why the last member that was asked for the leader did not help; for people. */
  public String lastFailure() {
    return search.lastFailure();
  }

  /** As {@link #clusterId()}, but gives up after {@code patienceMillis}. */
  public CompletableFuture<Long> clusterId(long patienceMillis) {
    if (search.clusterId() != 0) {
      return CompletableFuture.completedFuture(search.clusterId());
    }
    return repeat(
        new Backoff(runtime, null, patienceMillis, "finding the placement driver"),
        () -> search.search().thenApply(done -> search.clusterId()),
        id -> id != 0);
  }

  @Override
  public CompletableFuture<Long> timestamp() {
    return timestamps.timestamp();
  }

  private CompletableFuture<Long> fetchTimestamps(int count) {
    return repeat(
        budget("asking for a timestamp"),
        () -> leader().timestamps(search.clusterId(), count),
        answer -> true);
  }

  @Override
  public CompletableFuture<RegionRoute> region(byte[] storedKey) {
    GetRegionRequest request =
        GetRegionRequest.newBuilder().setRegionKey(ByteString.copyFrom(storedKey)).build();
    return route(PdMethod.GET_REGION, request);
  }

  @Override
  public CompletableFuture<RegionRoute> previousRegion(byte[] storedKey) {
    if (storedKey.length == 0) {
      return scanRegions(storedKey, storedKey, 0).thenApply(all -> all.get(all.size() - 1));
    }
    GetRegionRequest request =
        GetRegionRequest.newBuilder().setRegionKey(ByteString.copyFrom(storedKey)).build();
    // A key inside a region belongs below itself to that region; only a start key does not.
    return region(storedKey)
        .thenCompose(
            route ->
                route.region().getStartKey().equals(request.getRegionKey())
                    ? route(PdMethod.GET_PREV_REGION, request)
                    : CompletableFuture.completedFuture(route));
  }

  private CompletableFuture<RegionRoute> route(
      PdMethod<GetRegionRequest, GetRegionResponse> method, GetRegionRequest request) {
    Backoff backoff = budget("finding the region of key " + Redacted.key(request.getRegionKey()));
    return repeat(
            backoff,
            () -> once(method, request, true),
            response -> response.getRegion().getId() != 0)
        .thenApply(response -> route(response.getRegion(), response.getLeader()));
  }

  private static RegionRoute route(Region region, Peer leader) {
    return new RegionRoute(region, leader.getId() != 0 ? leader : region.getPeers(0));
  }

  @Override
  public CompletableFuture<Optional<RegionRoute>> regionById(long regionId) {
    return call(
            PdMethod.GET_REGION_BY_ID,
            GetRegionByIDRequest.newBuilder().setRegionId(regionId).build())
        .thenApply(
            response ->
                response.getRegion().getId() == 0
                    ? Optional.empty()
                    : Optional.of(route(response.getRegion(), response.getLeader())));
  }

  @Override
  public CompletableFuture<List<RegionRoute>> scanRegions(byte[] start, byte[] end, int limit) {
    ScanRegionsRequest request =
        ScanRegionsRequest.newBuilder()
            .setStartKey(ByteString.copyFrom(start))
            .setEndKey(ByteString.copyFrom(end))
            .setLimit(limit)
            .build();
    return call(PdMethod.SCAN_REGIONS, request)
        .thenApply(
            response -> {
              List<RegionRoute> routes = new ArrayList<>(response.getRegionsCount());
              response
                  .getRegionsList()
                  .forEach(found -> routes.add(route(found.getRegion(), found.getLeader())));
              return routes;
            });
  }

  @Override
  public CompletableFuture<Optional<Store>> store(long storeId) {
    return call(PdMethod.GET_STORE, GetStoreRequest.newBuilder().setStoreId(storeId).build())
        .handle(
            (response, failure) -> {
              if (failure != null) {
                KvException cause = Await.failure(failure);
                if (cause instanceof PdException && cause.getMessage().contains("not found")) {
                  return Optional.<Store>empty();
                }
                throw cause;
              }
              return Optional.of(response.getStore())
                  .filter(store -> store.getState() != StoreState.Tombstone);
            });
  }

  @Override
  public CompletableFuture<List<Store>> stores() {
    return call(
            PdMethod.GET_ALL_STORES,
            GetAllStoresRequest.newBuilder().setExcludeTombstoneStores(true).build())
        .thenApply(response -> response.getStoresList());
  }

  @Override
  public <Q, R> CompletableFuture<R> call(PdMethod<Q, R> method, Q request) {
    return repeat(budget(method.name()), () -> once(method, request, false), answer -> true);
  }

  @Override
  public RegionHeartbeats openRegionHeartbeats(
      Consumer<RegionHeartbeatResponse> responses, Consumer<Throwable> ended) {
    String address = search.leader();
    return streams.open(
        address,
        member(address),
        responses,
        cause -> {
          search.search();
          ended.accept(cause);
        });
  }

  @Override
  public void close() {
    closed = true;
    members.close();
  }

  private PdEndpoint leader() {
    return member(search.leader());
  }

  private PdEndpoint member(String address) {
    PdEndpoint member = members.endpoint(address);
    if (member == null) {
      throw new PdUnavailableException("the client of the placement driver is closed");
    }
    return member;
  }

  private Backoff budget(String operation) {
    return new Backoff(runtime, null, budgetMillis, operation);
  }

  /** One attempt of a call at the present leader, with the header filled in and read. */
  private <Q, R> CompletableFuture<R> once(
      PdMethod<Q, R> method, Q request, boolean waitForBootstrap) {
    boolean anonymous = method == PdMethod.GET_MEMBERS || search.clusterId() != 0;
    CompletableFuture<Void> known =
        anonymous ? CompletableFuture.completedFuture(null) : search.search();
    return known.thenCompose(
        done ->
            leader()
                .call(method, PdMessages.withClusterId(request, search.clusterId()))
                .thenApply(response -> accepted(method, response, waitForBootstrap)));
  }

  private static <R> R accepted(PdMethod<?, R> method, R response, boolean waitForBootstrap) {
    ResponseHeader header = PdMessages.header(response);
    if (header.hasError() && header.getError().getType() != ErrorType.OK) {
      ErrorType type = header.getError().getType();
      if (waitForBootstrap && type == ErrorType.NOT_BOOTSTRAPPED) {
        throw Status.UNAVAILABLE
            .withDescription("the cluster has no region yet: no store has joined")
            .asRuntimeException();
      }
      throw new PdException(
          type,
          "the placement driver refused "
              + method
              + ": "
              + type
              + " "
              + header.getError().getMessage());
    }
    return response;
  }

  /** Attempts until an answer is good, searching the leader after failures. */
  private <R> CompletableFuture<R> repeat(
      Backoff backoff, Attempts<R> attempts, Function<R, Boolean> good) {
    CompletableFuture<R> attempt;
    try {
      attempt = bounded(attempts.next());
    } catch (KvException | StatusRuntimeException e) {
      attempt = CompletableFuture.failedFuture(e);
    }
    if (attempt.isDone() && !attempt.isCompletedExceptionally() && good.apply(attempt.join())) {
      return attempt;
    }
    return attempt
        .handle((answer, failure) -> next(backoff, attempts, good, answer, failure))
        .thenCompose(Function.identity());
  }

  /** One attempt of something. */
  private interface Attempts<R> {
    CompletableFuture<R> next();
  }

  private <R> CompletableFuture<R> next(
      Backoff backoff,
      Attempts<R> attempts,
      Function<R, Boolean> good,
      R answer,
      Throwable failure) {
    if (failure == null && good.apply(answer)) {
      return CompletableFuture.completedFuture(answer);
    }
    if (failure != null) {
      Throwable cause = Await.unwrap(failure);
      if (!isRetryable(cause)) {
        return CompletableFuture.failedFuture(Await.failure(cause));
      }
      search.noteFailure(search.leader() + ": " + cause.getMessage());
    }
    CompletableFuture<Void> searched =
        failure == null ? CompletableFuture.completedFuture(null) : search.search();
    return searched
        .thenCompose(
            done ->
                backoff.pause(
                    Backoff.Kind.PD,
                    -1,
                    "no usable answer from "
                        + String.join(", ", members.addresses())
                        + " ("
                        + search.lastFailure()
                        + ")"
                        + "; check the addresses, and that the placement driver runs",
                    PdUnavailableException::new))
        .thenCompose(over -> repeat(backoff, attempts, good));
  }

  private boolean isRetryable(Throwable cause) {
    if (closed || !(cause instanceof StatusRuntimeException)) {
      return false;
    }
    switch (((StatusRuntimeException) cause).getStatus().getCode()) {
      case FAILED_PRECONDITION:
      case INVALID_ARGUMENT:
      case UNIMPLEMENTED:
      case PERMISSION_DENIED:
      case UNAUTHENTICATED:
        return false;
      default:
        return true;
    }
  }

  /** {@code answer}, or DEADLINE_EXCEEDED if it takes too long. */
  private <R> CompletableFuture<R> bounded(CompletableFuture<R> answer) {
    return bounded(answer, CALL_MILLIS);
  }

  private <R> CompletableFuture<R> bounded(CompletableFuture<R> answer, long millis) {
    if (answer.isDone()) {
      return answer;
    }
    CompletableFuture<R> either = answer.copy();
    ScheduledFuture<?> timeout =
        runtime
            .timer()
            .schedule(
                () ->
                    either.completeExceptionally(
                        Status.DEADLINE_EXCEEDED
                            .withDescription("no answer in " + millis + " ms")
                            .asRuntimeException()),
                millis,
                TimeUnit.MILLISECONDS);
    either.whenComplete(
        (done, failure) -> {
          timeout.cancel(false);
          answer.cancel(false); // nobody waits for it any more; no effect if it has come
        });
    return either;
  }
}
