package dev.kittiwake.testkit.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A history keeps what it is told, in order, and survives being written and read. */
class HistoryTest {
  /** One of every action with every ending that makes sense. */
  private static History everything() {
    History history = new History();
    int get = history.invoke(0, new Action.RawGet("k \"1\"\\\n☃"), 10);
    int put = history.invoke(1, new Action.RawPut("k", "v"), 11);
    history.ok(get, new Answer.Value(null), 12);
    history.undetermined(put, "deadline of 3 s exceeded", 13);
    int again = history.invoke(1, new Action.RawGet("k"), 14);
    history.ok(again, new Answer.Value("v"), 15);
    history.ok(history.invoke(0, new Action.RawDelete("k"), 16), Answer.DONE, 17);
    Action swap = new Action.RawSwap("k", null, "w");
    history.ok(history.invoke(0, swap, 18), new Answer.Swapped(true, null), 19);
    history.ok(history.invoke(0, swap, 20), new Answer.Swapped(false, "w"), 21);
    history.failed(history.invoke(0, swap, 22), "no such store", 23);
    Action txn =
        new Action.Txn(
            List.of(
                new Step.ReadList("l"),
                new Step.Append("l", 3),
                new Step.ReadList("l", true),
                new Step.ReadRegister("r"),
                new Step.WriteRegister("r", 4),
                new Step.ReadRegister("r", true),
                new Step.Increment("c")),
            Isolation.PESSIMISTIC);
    Answer.Committed committed =
        new Answer.Committed(
            List.of(
                new Seen.Elements(List.of()),
                Seen.NOTHING,
                new Seen.Elements(List.of(3L)),
                new Seen.Register(null),
                Seen.NOTHING,
                new Seen.Register(4L),
                new Seen.Register(1L)),
            Long.MAX_VALUE - 1,
            Long.MAX_VALUE);
    history.ok(history.invoke(2, txn, 24), committed, 25);
    history.undetermined(history.invoke(2, txn, 26), committed, "no answer", 27);
    history.undetermined(history.invoke(2, txn, 28), "no answer", 29);
    history.failed(history.invoke(2, txn, 30), "conflict", 31);
    history.ok(history.invoke(3, new Action.Transfer("a", "b", 5), 32), Answer.DONE, 33);
    history.ok(
        history.invoke(3, new Action.ReadAccounts(List.of("a", "b")), 34),
        new Answer.Balances(Map.of("a", 5L, "b", -15L)),
        35);
    history.ok(history.invoke(3, new Action.AddElement("s", 7), 36), Answer.DONE, 37);
    history.ok(
        history.invoke(3, new Action.ReadSet("s"), 38), new Answer.Elements(List.of(7L)), 39);
    history.ok(
        history.invoke(3, new Action.TakeTimestamps(2), 40), new Answer.Timestamps(8, 9), 41);
    history.invoke(4, new Action.ReadSet("s"), 42);
    return history;
  }

  @Test
  void ednIsReadAsItWasWritten() throws IOException {
    StringBuilder text = new StringBuilder();
    Edn.write(everything(), text);
    assertEquals(
        everything().operations(), Edn.read(new StringReader(text.toString())).operations());
  }

  @Test
  void jsonIsReadAsItWasWrittenWhateverItsSpaces() throws IOException {
    StringBuilder text = new StringBuilder();
    JsonLines.write(everything(), text);
    String dense = text.toString().replace("\": ", "\":").replace(", \"", ",\"");
    List<Operation> expected = everything().operations();
    assertEquals(expected, JsonLines.read(new StringReader(text.toString())).operations());
    assertEquals(expected, JsonLines.read(new StringReader(dense)).operations());
  }

  /** Elle reads {@code :f :txn} and micro-operations; a process ends with an undetermined one. */
  @Test
  void ednHasTheShapeThatElleReads() throws IOException {
    History history = new History();
    Action txn =
        new Action.Txn(
            List.of(new Step.Append("x", 1), new Step.ReadList("x")), Isolation.OPTIMISTIC);
    history.undetermined(history.invoke(0, txn, 5), "no answer", 6);
    history.ok(history.invoke(0, new Action.RawGet("k"), 7), new Answer.Value("v"), 8);
    StringBuilder text = new StringBuilder();
    Edn.write(history, text);
    assertEquals(
        List.of(
            "{:index 0, :time 5, :process 0, :client 0, :op 0, :type :invoke, :f :txn,"
                + " :value [[:append, \"x\", 1], [:r, \"x\", nil]], :steps [:append, :read-list],"
                + " :isolation :optimistic}",
            "{:index 1, :time 6, :process 0, :client 0, :op 0, :type :info, :f :txn,"
                + " :value [[:append, \"x\", 1], [:r, \"x\", nil]], :steps [:append, :read-list],"
                + " :isolation :optimistic, :error \"no answer\"}",
            "{:index 2, :time 7, :process 1, :client 0, :op 1, :type :invoke, :f :read,"
                + " :value [\"k\", nil]}",
            "{:index 3, :time 8, :process 1, :client 0, :op 1, :type :ok, :f :read,"
                + " :value [\"k\", \"v\"]}"),
        text.toString().lines().toList());
  }

  @Test
  void strangeTextIsRefusedWithItsLine() {
    for (String line :
        List.of("{:index 0", "[1 2]", "{\"index\": x}", "{:index \"0\"}", "{} {}", "\"a")) {
      IllegalArgumentException refused =
          assertThrows(
              IllegalArgumentException.class, () -> Edn.read(new StringReader("\n" + line)));
      assertTrue(
          refused.getMessage().contains("line 2") || refused.getMessage().contains("not an event"),
          refused.getMessage());
    }
  }

  @Test
  void anOperationEndsOnce() {
    History history = new History();
    int index = history.invoke(0, new Action.RawGet("k"), 0);
    history.undetermined(index, "no answer", 1);
    assertThrows(IllegalStateException.class, () -> history.ok(index, new Answer.Value("v"), 2));
    assertEquals(Ending.UNDETERMINED, history.operations().get(0).ending());
  }

  @Test
  void theOrderOfCallsIsTheOrderOfTime() {
    History history = new History();
    int first = history.invoke(0, new Action.RawGet("k"), 5);
    history.ok(first, new Answer.Value(null), 5);
    history.undetermined(history.invoke(1, new Action.RawGet("k"), 5), "no answer", 5);
    history.invoke(0, new Action.RawGet("k"), 5);
    List<Operation> operations = history.operations();
    assertTrue(operations.get(0).endedBefore(operations.get(1)));
    assertFalse(operations.get(1).endedBefore(operations.get(2)), "it may still happen");
    assertEquals(operations, History.of(operations).operations());
  }
}
