package dev.ermine.fhir;

import dev.ermine.fhir.PeerBody.PeerIssue;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The walk over {@code OperationOutcome.issue}. It takes the codes and leaves the words.
 *
 * @see <a href="https://hl7.org/fhir/R4/operationoutcome.html">FHIR R4: OperationOutcome</a>
 */
final class IssueScanner {

  private static final Set<String> SEVERITIES = Set.of("fatal", "error", "warning", "information");

  /** Issues and their codes, at most: what has more is not looked at in part. */
  private static final int MOST = 1_000;

  private final JsonCursor json;
  private int found;

  /** For the bytes of the element, which were passed as strict JSON before. */
  IssueScanner(Slice issue) {
    json = new JsonCursor(issue.bytes(), issue.from(), issue.to());
  }

  List<PeerIssue> read() throws Refused {
    List<PeerIssue> issues = new ArrayList<>();
    json.openArray();
    while (json.nextItem()) {
      issues.add(issue());
      bounded();
    }
    return issues;
  }

  private void bounded() throws Refused {
    if (++found > MOST) {
      throw json.refused("an outcome has more issues than an answer");
    }
  }

  private PeerIssue issue() throws Refused {
    String severity = null;
    String code = null;
    List<String> details = List.of();
    json.openObject();
    while (json.nextMember()) {
      switch (json.key()) {
        case SEVERITY -> severity = severity();
        case CODE -> code = json.string();
        case DETAILS -> details = details();
        default -> json.skip();
      }
    }
    if (severity == null || code == null) {
      throw json.refused("an issue lacks its severity or code");
    }
    return new PeerIssue(severity, code, details);
  }

  /** The gravity of a gap is never guessed. */
  private String severity() throws Refused {
    String severity = json.string();
    if (!SEVERITIES.contains(severity)) {
      throw json.refused("an issue's severity is none of FHIR's");
    }
    return severity;
  }

  private List<String> details() throws Refused {
    List<String> codes = List.of();
    json.openObject();
    while (json.nextMember()) {
      if (json.key() == Name.CODING) {
        codes = codings();
      } else {
        json.skip();
      }
    }
    return codes;
  }

  private List<String> codings() throws Refused {
    List<String> codes = new ArrayList<>();
    json.openArray();
    while (json.nextItem()) {
      String code = coding();
      if (code != null) {
        codes.add(code);
        bounded();
      }
    }
    return codes;
  }

  private @Nullable String coding() throws Refused {
    String code = null;
    json.openObject();
    while (json.nextMember()) {
      if (json.key() == Name.CODE) {
        code = json.string();
      } else {
        json.skip();
      }
    }
    return code;
  }
}
