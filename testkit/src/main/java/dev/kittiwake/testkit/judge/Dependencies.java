package dev.kittiwake.testkit.judge;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** All direct dependencies that a history proves, and the rules checked on the way to them. */
final class Dependencies {
  private final Transactions transactions;
  private final List<Transaction> committed;
  private final Map<Integer, Integer> numbers = new HashMap<>(); // by index of the operation
  private final List<Dependency> all = new ArrayList<>();
  private final ListOrders lists;

  private Dependencies(Transactions transactions, ListOrders lists) {
    this.transactions = transactions;
    this.lists = lists;
    this.committed = transactions.committed();
    for (int i = 0; i < committed.size(); i++) {
      numbers.put(committed.get(i).operation().index(), i);
    }
  }

  /**
   * @param found gets every rule that is broken by reads, orders of versions and lost updates
   */
  static Dependencies of(Transactions transactions, Level level, Consumer<Verdict.Broken> found) {
    ListOrders lists = new ListOrders(transactions, found);
    Dependencies dependencies = new Dependencies(transactions, lists);
    new ReadRules(transactions, level, found).check();
    Map<Item, Versions> orders = lists.infer();
    if (level.bindsRealTime()) {
      lists.checkLost();
    }
    orders.putAll(new RegisterOrders(transactions, level, found).infer());
    dependencies.fromWrites(orders);
    dependencies.fromReads(orders);
    dependencies.checkLostUpdates(level, found);
    return dependencies;
  }

  List<Transaction> transactions() {
    return committed;
  }

  List<Dependency> all() {
    return all;
  }

  /** Whether the later write has its place only because no read shows it: it may be lost. */
  boolean isSupposed(Dependency dependency) {
    return dependency.kind() == Dependency.Kind.WRITE_WRITE
        && lists.isUnseen(dependency.item(), dependency.after());
  }

  private void fromWrites(Map<Item, Versions> orders) {
    orders.forEach(
        (item, versions) -> {
          for (Long earlier : versions.known()) {
            for (Long later : versions.after(earlier)) {
              add(
                  number(item, earlier),
                  number(item, later),
                  Dependency.Kind.WRITE_WRITE,
                  item,
                  earlier,
                  later,
                  true);
            }
          }
        });
  }

  private void fromReads(Map<Item, Versions> orders) {
    for (int reader = 0; reader < committed.size(); reader++) {
      Set<Transaction.Read> distinct = new HashSet<>();
      for (Transaction.Read read : committed.get(reader).reads()) {
        if (committed.get(reader).reads().size() > 1
            && !distinct.add(
                new Transaction.Read(read.item(), List.of(), read.version(), read.current()))) {
          continue;
        }
        Item item = read.item();
        Long version = read.version();
        add(
            number(item, version),
            reader,
            Dependency.Kind.WRITE_READ,
            item,
            null,
            version,
            read.current());
        Versions order = orders.get(item);
        if (order != null) {
          for (Long later : order.after(version)) {
            add(
                reader,
                number(item, later),
                Dependency.Kind.READ_WRITE,
                item,
                version,
                later,
                read.current());
          }
        }
      }
    }
  }

  /** The number of the writer; -1 if nobody who committed wrote it. */
  private int number(Item item, Long version) {
    Transaction writer = version == null ? null : transactions.writer(item, version);
    return writer == null ? -1 : numbers.getOrDefault(writer.operation().index(), -1);
  }

  private void add(
      int from, int to, Dependency.Kind kind, Item item, Long before, Long after, boolean current) {
    if (from >= 0 && to >= 0 && from != to) {
      all.add(new Dependency(from, to, kind, item, before, after, current));
    }
  }

  /**
   * Two that read the same version and both replaced it; whichever came second lost the first's.
   */
  private void checkLostUpdates(Level level, Consumer<Verdict.Broken> found) {
    record Basis(Item item, Long version) {}
    Map<Basis, Transaction> updaters = new LinkedHashMap<>();
    for (Transaction updater : committed) {
      Set<Basis> own = new HashSet<>();
      for (Transaction.Read read : updater.reads()) {
        if (!updater.writes().containsKey(read.item())
            || !(read.current() || level.isOneSnapshot())
            || !own.add(new Basis(read.item(), read.version()))) {
          continue;
        }
        Transaction other = updaters.putIfAbsent(new Basis(read.item(), read.version()), updater);
        if (other != null) {
          found.accept(
              new Verdict.Broken(
                  Rule.LOST_UPDATE,
                  String.format(
                      "%s and %s both read %s %s and both committed a new value for it",
                      other.name(),
                      updater.name(),
                      read.item(),
                      read.version() == null ? "as absent" : "up to " + read.version()),
                  List.of(other.operation(), updater.operation())));
        }
      }
    }
  }
}
