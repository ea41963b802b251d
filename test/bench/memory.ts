/** Watches this process's resident memory until it is stopped; gives the highest, MB (10⁶ bytes). */
export function watchMemory(): { stop(): number } {
  let peak = 0;
  const look = () => (peak = Math.max(peak, process.memoryUsage.rss()));
  const timer = setInterval(look, 20);
  look();
  return {
    stop() {
      clearInterval(timer);
      look();
      return peak / 1e6;
    },
  };
}
