package dev.ermine.region;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.CollectionEndEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.NodeEvent;

/**
 * The events of a YAML text of one document and bounded size. They come from SnakeYAML itself, for
 * Jackson's parser over it hides the anchors of scalars and misplaces errors; nothing is ever
 * constructed from them.
 *
 * @see <a href="https://yaml.org/spec/1.1/#id859333">YAML 1.1: Processes</a>
 */
final class YamlEvents {

  private static final int DEPTH = 20;
  private static final int EVENTS = 40_000;

  private YamlEvents() {}

  /** The begin of each value and the end of each collection, unless the text has a fault. */
  static Optional<List<Event>> of(String text, Faults faults) {
    try {
      List<Event> events = bounded(new Yaml(new LoaderOptions()).parse(new StringReader(text)));
      if (!events.isEmpty()) {
        return Optional.of(events);
      }
      faults.add(1, "is empty; begin with `version: 1`");
    } catch (YAMLException e) {
      faults.add(line(e), told(e));
    } catch (IllegalArgumentException e) {
      // What SnakeYAML's scanner throws at an escape beyond Unicode, such as "\\UFFFFFFFF".
      faults.add(1, "has a `\\U` escape, in some line, that is no character");
    }
    return Optional.empty();
  }

  private static List<Event> bounded(Iterable<Event> all) {
    List<Event> events = new ArrayList<>();
    int documents = 0;
    int depth = 0;
    for (Event event : all) {
      documents += event instanceof DocumentStartEvent ? 1 : 0;
      depth += event instanceof CollectionStartEvent ? 1 : 0;
      depth -= event instanceof CollectionEndEvent ? 1 : 0;
      if (documents > 1) {
        throw new OutOfBounds("a second document begins here; keep one", event);
      } else if (depth > DEPTH) {
        throw new OutOfBounds("nests more than " + DEPTH + " levels deep", event);
      } else if (events.size() == EVENTS) {
        throw new OutOfBounds("holds far more values than regions need", event);
      } else if (event instanceof NodeEvent || event instanceof CollectionEndEvent) {
        events.add(event);
      }
    }
    return events;
  }

  static int line(Event event) {
    return event.getStartMark().getLine() + 1;
  }

  private static int line(YAMLException e) {
    return e instanceof MarkedYAMLException marked && marked.getProblemMark() != null
        ? marked.getProblemMark().getLine() + 1
        : 1;
  }

  /** What SnakeYAML found wrong, without the lines of the file that it quotes. */
  private static String told(YAMLException e) {
    if (e instanceof OutOfBounds bounds) {
      return bounds.getProblem();
    }
    String problem = e instanceof MarkedYAMLException marked ? marked.getProblem() : "";
    if (problem.contains("(TAB)")) {
      return "has a tab where only spaces may stand";
    } else if (problem.contains("mapping values are not allowed")) {
      return "a colon may not stand here; indent the line, or put the text in quotes";
    } else if (problem.contains("end of stream") || problem.contains("stream end")) {
      return "ends within a value; is the file whole, and each bracket and quote closed?";
    }
    return "is not YAML here; look at indentation, quotes and brackets around this line";
  }

  /** A text that is YAML, but more of it than a file of regions may be. */
  private static final class OutOfBounds extends MarkedYAMLException {
    private static final long serialVersionUID = 1;

    OutOfBounds(String problem, Event at) {
      super(null, null, problem, at.getStartMark());
    }
  }
}
