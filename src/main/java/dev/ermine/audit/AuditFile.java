package dev.ermine.audit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * An audit trail in a file: one AuditEvent a line, on the disk before a call returns.
 *
 * <p>Calls from many threads share their trips to the disk. A call that fails leaves nothing to
 * mend: the next one opens the file again.
 *
 * @see <a href="https://github.com/ndjson/ndjson-spec">Newline delimited JSON</a>
 */
public final class AuditFile implements AuditTrail, AutoCloseable {

  private final AuditEventWriter writer;
  private final GroupCommit commits;

  /**
   * A trail that goes on where the file ends; the file is created when it is not there, for its
   * owner alone.
   *
   * @param file in a directory that exists
   * @param patience how long a call waits for the disk before it fails
   */
  public AuditFile(Path file, AuditEventWriter writer, Duration patience) {
    this(new LineFile(file), writer, patience);
  }

  AuditFile(Disk disk, AuditEventWriter writer, Duration patience) {
    this.writer = writer;
    this.commits = new GroupCommit(disk, patience);
  }

  @Override
  public void intend(AuditRecord.Intent intent) {
    commits.commit(writer.write(intent));
  }

  @Override
  public void override(AuditRecord.GlassBroken broken) {
    commits.commit(writer.write(broken));
  }

  @Override
  public void record(AuditRecord.Outcome outcome) {
    commits.commit(writer.write(outcome));
  }

  @Override
  public void issue(AuditRecord.Issue issue) {
    commits.commit(writer.write(issue));
  }

  @Override
  public void refuse(AuditRecord.Refusal refusal) {
    commits.commit(writer.write(refusal));
  }

  @Override
  public void tell(AuditRecord.Told told) {
    commits.commit(writer.write(told));
  }

  @Override
  public void act(AuditRecord.Act act) {
    commits.commit(writer.write(act));
  }

  /**
   * Why no record could be made durable now; empty if one could: the way of one is gone, to the
   * disk and back, with nothing to write. It waits as long as a call does.
   */
  public Optional<String> fault() {
    try {
      commits.probe();
      return Optional.empty();
    } catch (AuditUnavailableException unavailable) {
      return Optional.of(String.valueOf(unavailable.getMessage()));
    }
  }

  /** How many records wait for the disk. */
  public int waiting() {
    return commits.waiting();
  }

  /** Makes durable what was handed in, and takes no more. */
  @Override
  public void close() {
    commits.close();
  }
}
