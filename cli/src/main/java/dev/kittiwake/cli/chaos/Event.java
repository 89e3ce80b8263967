package dev.kittiwake.cli.chaos;

import java.util.List;

/**
 * A fault as it went. Times are milliseconds since the start of the run.
 *
 * @param number in the schedule, from 1
 * @param endMillis when the harm was taken back
 * @param recoveredMillis when the cluster was well again; -1 if it was not in time
 * @param notes what was seen meanwhile
 */
public record Event(
    int number,
    String kind,
    String text,
    long startMillis,
    long endMillis,
    long recoveredMillis,
    List<String> notes) {
  public Event {
    notes = List.copyOf(notes);
  }

  public boolean recovered() {
    return recoveredMillis >= 0;
  }
}
