package dev.ermine.bench;

import dev.ermine.bench.Asking.Question;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** Queries at a rate that does not wait for answers, or as many at a time as do. */
final class Load {

  private Load() {}

  /**
   * Asks at a steady rate, however slow the answers are, and waits for the last of them. A query
   * that is sent late counts from when it was due: nothing is left out because the load waited.
   */
  static Result open(Asking asking, Question question, double perSecond, Duration time) {
    return open(asking.query(question), perSecond, time);
  }

  /** The same of any query. */
  static Result open(Query query, double perSecond, Duration time) {
    query.prepare();
    Queue<Heard> heard = new ConcurrentLinkedQueue<>();
    var underWay = new Phaser(1);
    long began = System.nanoTime();
    long number = Math.round(perSecond * time.toNanos() / 1e9);
    for (long i = 0; i < number; i++) {
      long due = began + Math.round(i * 1e9 / perSecond);
      awaitNanos(due);
      underWay.register();
      query.ask(
          due,
          end -> {
            heard.add(end);
            underWay.arriveAndDeregister();
          });
    }
    underWay.arriveAndAwaitAdvance();
    return new Result(List.copyOf(heard), time);
  }

  /** Asks {@code atOnce} at a time, each next one when one has ended. */
  static Result closed(Asking asking, Question question, int atOnce, Duration time) {
    return closed(asking.query(question), atOnce, time);
  }

  /** The same of any query. */
  static Result closed(Query query, int atOnce, Duration time) {
    long end = System.nanoTime() + time.toNanos();
    return closed(query, atOnce, _ -> System.nanoTime() - end >= 0);
  }

  /** The same, until so many have ended. */
  static Result closed(Query query, int atOnce, int number) {
    var ended = new AtomicInteger();
    return closed(query, atOnce, _ -> ended.incrementAndGet() > number - atOnce);
  }

  /** Asks once, and waits for its end. */
  static Heard once(Query query) {
    query.prepare();
    var heard = new CompletableFuture<Heard>();
    query.ask(System.nanoTime(), heard::complete);
    return heard.join();
  }

  /** The same, until it is true of what has been heard so far. */
  static Result closed(Query query, int atOnce, Predicate<Collection<Heard>> isEnough) {
    query.prepare();
    Queue<Heard> heard = new ConcurrentLinkedQueue<>();
    var underWay = new Phaser(1);
    long began = System.nanoTime();
    for (int i = 0; i < atOnce; i++) {
      underWay.register();
      askOn(query, isEnough, heard, underWay);
    }
    underWay.arriveAndAwaitAdvance();
    return new Result(List.copyOf(heard), Duration.ofNanos(System.nanoTime() - began));
  }

  private static void askOn(
      Query query, Predicate<Collection<Heard>> isEnough, Queue<Heard> heard, Phaser underWay) {
    query.ask(
        System.nanoTime(),
        one -> {
          heard.add(one);
          if (isEnough.test(heard)) {
            underWay.arriveAndDeregister();
          } else {
            askOn(query, isEnough, heard, underWay);
          }
        });
  }

  private static void awaitNanos(long due) {
    for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
