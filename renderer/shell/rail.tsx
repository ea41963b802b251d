import { useRoute, routeHash } from '../client/route.ts';
import { GROUPS } from '../screens/index.ts';
import { useScreens } from './screens.ts';

/** The way through the work, from top to bottom. */
export function Rail() {
  const { screen: current } = useRoute();
  const screens = useScreens();
  return (
    <nav className="rail" aria-label="Screens">
      {GROUPS.map((group) => {
        const own = screens.filter((screen) => screen.group === group.id && screen.inRail);
        if (own.length === 0) return null;
        return (
          <div key={group.id} className={group.id === 'app' ? 'rail-end' : undefined}>
            {group.label && <p className="rail-group-label">{group.label}</p>}
            <ul>
              {own.map(({ id, label, icon: Icon }) => (
                <li key={id}>
                  <a href={routeHash(id)} aria-current={id === current ? 'page' : undefined} title={label}>
                    <Icon size={16} aria-hidden />
                    <span>{label}</span>
                  </a>
                </li>
              ))}
            </ul>
          </div>
        );
      })}
    </nav>
  );
}
