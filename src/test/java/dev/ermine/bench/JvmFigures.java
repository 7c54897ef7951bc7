package dev.ermine.bench;

import com.sun.management.ThreadMXBean;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** What another JVM of this machine tells of itself, once it has been attached to. */
final class JvmFigures implements AutoCloseable {

  private final JMXConnector connector;
  private final MBeanServerConnection beans;
  private final ThreadMXBean threads;
  private final MemoryMXBean memory;

  private JvmFigures(JMXConnector connector) throws IOException {
    this.connector = connector;
    this.beans = connector.getMBeanServerConnection();
    this.threads =
        ManagementFactory.newPlatformMXBeanProxy(
            beans, ManagementFactory.THREAD_MXBEAN_NAME, ThreadMXBean.class);
    this.memory = ManagementFactory.getPlatformMXBean(beans, MemoryMXBean.class);
  }

  /** Attaches to it. */
  @SuppressWarnings("BanJNDI") // the address is one that a process of ours told over its own socket
  static JvmFigures of(Process process) {
    try {
      VirtualMachine machine = VirtualMachine.attach(String.valueOf(process.pid()));
      try {
        var url = new JMXServiceURL(machine.startLocalManagementAgent());
        return new JvmFigures(JMXConnectorFactory.connect(url));
      } finally {
        machine.detach();
      }
    } catch (AttachNotSupportedException e) {
      throw new IllegalStateException("a JVM does not let itself be measured", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What all its threads have allocated so far, those that have ended too. */
  long allocatedBytes() {
    return threads.getTotalThreadAllocatedBytes();
  }

  /** How long its collectors have worked so far. */
  long collectingMillis() {
    try {
      return ManagementFactory.getPlatformMXBeans(beans, GarbageCollectorMXBean.class).stream()
          .mapToLong(GarbageCollectorMXBean::getCollectionTime)
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is left in the heap after a full collection, in MiB. */
  double liveMegabytes() {
    memory.gc();
    memory.gc(); // what the first one left to cleaners
    return memory.getHeapMemoryUsage().getUsed() / (double) (1 << 20);
  }

  @Override
  public void close() {
    try {
      connector.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
